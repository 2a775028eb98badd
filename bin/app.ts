import { faultlineApp } from '../lib/app.ts';

faultlineApp();
