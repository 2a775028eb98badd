/** `nodejs_version_info{version="v24.1.0",major="24"} 1`, `shop_build_info{version="2.3"} 1` */
const infoLine =
  /^([a-zA-Z][a-zA-Z0-9_]*?)(?:_build|_version)?_info\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}\s+1(?:\.0)?\b/;
const versionLabel = /(?:^|,)\s*version="([^"\\]{1,60})"/;
const mostVersions = 10;

/**
 * Versions in a Prometheus text exposition, by the custom of info metrics: a series whose value is 1 and whose label
 * `version` is the fact (https://prometheus.io/docs/practices/naming/ and its `_info` suffix).
 */
export function infoVersions(text: string): Record<string, string> {
  const found = text.split('\n').flatMap((line): [string, string][] => {
    const [, name, labels] = infoLine.exec(line) ?? [];
    const version = versionLabel.exec(labels ?? '')?.[1];
    return name && version ? [[name, version]] : [];
  });
  return Object.fromEntries(found.slice(0, mostVersions));
}
