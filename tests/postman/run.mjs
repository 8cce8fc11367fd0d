#!/usr/bin/env node
// Runs the collection headless against a running platform, then compares what it called with the API documents the
// platform serves: every documented operation must have been called, and every answer must be a documented one.
//
//   node run.mjs [local|dev|staging|prod]
//
// local reads addresses and secrets from the state file of `make dev-up` (GATEHOUSE_HOME names another data
// directory). Elsewhere, and to override, set GATEHOUSE_BASE_URL, GATEHOUSE_TOKEN_URL and for each of CUSTOMER,
// OTHER_CUSTOMER, MANAGER, OPERATOR: GATEHOUSE_<NAME>_CLIENT_ID and GATEHOUSE_<NAME>_CLIENT_SECRET.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { uncovered, undocumented } from "./coverage.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DOCUMENTS = ["/openapi/inventory", "/openapi/billing"];
const CALLERS = { CUSTOMER: "customer", OTHER_CUSTOMER: "otherCustomer", MANAGER: "manager", OPERATOR: "operator" };
// Which folders change nothing, for an environment whose coverage is "browse".
const BROWSE_FOLDERS = ["API documents", "Browse"];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Addresses and secrets of the platform on this machine. */
function localValues() {
  const home = process.env.GATEHOUSE_HOME ?? path.join(HERE, "../../.devstack");
  const file = path.join(home, "state.json");
  if (!existsSync(file)) {
    if (process.env.GATEHOUSE_BASE_URL) {
      return {};
    }
    fail(`There is no running platform: ${file} does not exist. Start one with \`make dev-up\`.`);
  }
  const { urls, credentials } = readJson(file);
  return {
    baseUrl: urls.gateway,
    tokenUrl: urls.token,
    customerClientSecret: credentials["issuer.demo-customer"],
    otherCustomerClientSecret: credentials["issuer.demo-customer-2"],
    managerClientSecret: credentials["issuer.demo-manager"],
    operatorClientSecret: credentials["issuer.demo-operator"],
  };
}

function valuesFromEnvironment() {
  const values = { baseUrl: process.env.GATEHOUSE_BASE_URL, tokenUrl: process.env.GATEHOUSE_TOKEN_URL };
  for (const [variable, name] of Object.entries(CALLERS)) {
    values[`${name}ClientId`] = process.env[`GATEHOUSE_${variable}_CLIENT_ID`];
    values[`${name}ClientSecret`] = process.env[`GATEHOUSE_${variable}_CLIENT_SECRET`];
  }
  return values;
}

function environmentOf(name) {
  const file = path.join(HERE, "environments", `${name}.postman_environment.json`);
  if (!existsSync(file)) {
    fail(`There is no environment ${name}: use local, dev, staging or prod.`);
  }
  const environment = readJson(file);
  const given = { ...(name === "local" ? localValues() : {}) };
  for (const [key, value] of Object.entries(valuesFromEnvironment())) {
    if (value !== undefined) {
      given[key] = value;
    }
  }
  for (const variable of environment.values) {
    variable.value = given[variable.key] ?? variable.value;
  }
  return environment;
}

function run(newman, options) {
  return new Promise((resolve, reject) => {
    newman.run(options, (error, summary) => (error ? reject(error) : resolve(summary)));
  });
}

async function fetchDocument(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(20_000) });
  if (!response.ok) {
    throw new Error(`${address} answered ${response.status}`);
  }
  return response.json();
}

let newman;
try {
  newman = (await import("newman")).default;
} catch {
  fail("newman is not installed: run `npm ci` in tests/postman.");
}
const environment = environmentOf(process.argv[2] ?? "local");
const value = (key) => environment.values.find((variable) => variable.key === key)?.value;
const browseOnly = value("coverage") === "browse";
const missing = environment.values
  .filter((variable) => !browseOnly && /Client(Id|Secret)$/.test(variable.key) && !variable.value)
  .map((variable) => variable.key);
if (missing.length > 0) {
  fail(`${environment.name} has no value for ${missing.join(", ")}: set them as run.mjs says at its top.`);
}

const baseUrl = value("baseUrl");
const documents = await Promise.all(DOCUMENTS.map((document) => fetchDocument(baseUrl + document))).catch((error) =>
  fail(`The platform at ${baseUrl} does not serve its API documents: ${error.cause?.message ?? error.message}`),
);
const summary = await run(newman, {
  collection: path.join(HERE, "gatehouse.postman_collection.json"),
  environment,
  folder: browseOnly ? BROWSE_FOLDERS : undefined,
  reporters: ["cli"],
  reporter: { cli: { noBanner: true, noSuccessAssertions: true } },
  timeoutRequest: 60_000,
}).catch((error) => fail(`The collection could not be run: ${error.message}`));

const calls = summary.run.executions
  .filter(({ request, response }) => request && response && request.url.toString().startsWith(baseUrl))
  .map(({ item, request, response }) => ({
    name: item.name,
    method: request.method,
    path: new URL(request.url.toString()).pathname,
    status: response.code,
  }));
const findings = [
  ...(browseOnly ? [] : uncovered(documents, calls).map((operation) => `not called: ${operation}`)),
  ...undocumented(documents, calls, DOCUMENTS),
];

const failures = summary.run.failures.length;
console.log(`${calls.length} calls, ${failures} failed checks, ${findings.length} differences from the API documents`);
for (const finding of findings) {
  console.error(finding);
}
process.exit(failures === 0 && findings.length === 0 ? 0 : 1);
