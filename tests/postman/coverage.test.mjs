import assert from "node:assert/strict";
import { test } from "node:test";
import { uncovered, undocumented } from "./coverage.mjs";

const films = {
  paths: {
    "/api/films": { get: { operationId: "searchFilms", responses: { 200: {} } } },
    "/api/films/import": { post: { operationId: "importFilms", responses: { 200: {}, "4XX": {} } } },
    "/api/films/{id}": {
      get: { operationId: "getFilm", responses: { 200: {}, 404: {} } },
      post: { operationId: "touchFilm", responses: { default: {} } },
    },
  },
};
const call = (method, path, status) => ({ name: "a request", method, path, status });

test("names each operation that was not called", () => {
  const calls = [call("GET", "/api/films", 200), call("POST", "/api/films/import", 200)];

  assert.deepEqual(uncovered([films], calls), [
    "getFilm (GET /api/films/{id})",
    "touchFilm (POST /api/films/{id})",
  ]);
});

test("finds nothing when all were called", () => {
  const calls = [
    call("GET", "/api/films", 200),
    call("POST", "/api/films/import", 200),
    call("GET", "/api/films/1", 404),
    call("POST", "/api/films/1", 200),
  ];

  assert.deepEqual(uncovered([films], calls), []);
  assert.deepEqual(undocumented([films], calls), []);
});

test("names answers and calls that are not documented", () => {
  const calls = [
    call("GET", "/api/films/1", 500),
    call("POST", "/api/films/import", 415),
    call("GET", "/api/films/1/stock", 200),
    call("GET", "/openapi/inventory", 200),
  ];

  assert.deepEqual(undocumented([films], calls, ["/openapi/inventory"]), [
    'not documented: 500 of getFilm (request "a request")',
    'not documented: GET /api/films/1/stock (request "a request")',
  ]);
});
