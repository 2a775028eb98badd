import { apiKeys } from '../../../../infra/local/ecs/definition-keys.ts';

const inApiKeys = {
  volumes: [
    { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } } },
  ],
  containerDefinitions: [
    { secrets: [{ name: 'A', valueFrom: 'b' }], logConfiguration: { options: { 'awslogs-group': 'g', Mode: 'x' } } },
  ],
};

test("a template's keys become the API's, and maps keep theirs", () => {
  const ofTemplate = {
    volumes: [
      { Name: 'data', EFSVolumeConfiguration: { FilesystemId: 'fs-1', AuthorizationConfig: { IAM: 'ENABLED' } } },
    ],
    containerDefinitions: [
      { secrets: [{ Name: 'A', ValueFrom: 'b' }], logConfiguration: { options: { 'awslogs-group': 'g', Mode: 'x' } } },
    ],
  };
  expect(apiKeys(ofTemplate)).toEqual(inApiKeys);
});

test("the API's keys stay as they are", () => {
  expect(apiKeys(inApiKeys)).toEqual(inApiKeys);
});
