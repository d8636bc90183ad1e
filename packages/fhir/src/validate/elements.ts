export function checkElements(resource: unknown, issues: unknown[]): void {
  void resource;
  void issues;
}
