/** A configuration with everything that one may have. */
export const shopYaml = `
id: shop
endpoint: http://app.shop.internal:8000
health: { path: /health }
load: { files: [locustfile.py] }
database:
  service: { cluster: shop, name: database }
  host: database.shop.internal
  name: shop
  secret: shop/database
  tables: [orders, public.items]
cache:
  service: { cluster: shop, name: cache }
  host: cache.shop.internal
hosts:
  tag: { key: role, value: shop-app }
  process: { unit: shop.service }
metrics:
  prometheus: { path: /metrics, series: { requests: http_requests_total } }
  cloudwatch:
    poolInUse: { namespace: Shop, name: PoolInUse, dimensions: { Service: web }, periodSeconds: 10 }
readback:
  users: { path: '/users/{key}', label: User Data }
logs: [/shop/app]
thresholds:
  errorRate: { percent: 80, seconds: 30 }
  alarms: [shop-on-fire]
targets:
  rtoSeconds: { cache-failure: 45 }
excludedWindows:
  - { days: [Mon], from: '08:00', to: '18:00', timeZone: Europe/Berlin }
backup: { hook: faultline-backup-database }
local:
  application:
    command: [node, server.js]
    port: 8000
    environment:
      DATABASE_URL: postgres://\${database.user}:\${database.password}@\${database.host}:\${database.port}/\${database.name}
      REDIS_URL: redis://\${cache.host}:\${cache.port}
  database: {}
  cache: { arguments: [--maxmemory, 64mb] }
`;
