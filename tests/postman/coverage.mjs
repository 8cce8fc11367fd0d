// What a run called, held against the OpenAPI documents.

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];

/** Every operation of the documents: its method, its path as a pattern, and the statuses it documents. */
function operations(documents) {
  return documents.flatMap((document) =>
    Object.entries(document.paths).flatMap(([template, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        method: method.toUpperCase(),
        template,
        id: item[method].operationId,
        statuses: Object.keys(item[method].responses ?? {}),
        parameters: (template.match(/\{/g) ?? []).length,
        pattern: new RegExp(
          `^${template
            .split(/\{[^}]+\}/)
            .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
            .join("[^/]+")}$`,
        ),
      })),
    ),
  );
}

/** The operation a call was meant for; of two that match, the one with fewer parameters (/films/import, not /films/{id}). */
function operationOf(all, call) {
  return all
    .filter((operation) => operation.method === call.method && operation.pattern.test(call.path))
    .sort((a, b) => a.parameters - b.parameters)[0];
}

/** Names each documented operation that no call reached. */
export function uncovered(documents, calls) {
  const all = operations(documents);
  const reached = new Set(calls.map((call) => operationOf(all, call)));
  return all
    .filter((operation) => !reached.has(operation))
    .map((operation) => `${operation.id} (${operation.method} ${operation.template})`);
}

/** Names each call to an operation, or answer of an operation, that the documents do not have. */
export function undocumented(documents, calls, ignoredPaths = []) {
  const all = operations(documents);
  const findings = calls
    .filter((call) => !ignoredPaths.includes(call.path))
    .map((call) => {
      const operation = operationOf(all, call);
      if (!operation) {
        return `not documented: ${call.method} ${call.path} (request "${call.name}")`;
      }
      const status = String(call.status);
      const documented = operation.statuses.some(
        (each) => each === status || each === "default" || each.toUpperCase() === `${status[0]}XX`,
      );
      return documented ? undefined : `not documented: ${status} of ${operation.id} (request "${call.name}")`;
    });
  return [...new Set(findings.filter(Boolean))];
}
