package dev.gatehouse.inventory;

import dev.gatehouse.devstack.stores.TestStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service as a client on the network would: nothing between the bytes and the assertion. */
@TestComponent
@Lazy
class Caller {

    static final String EDITOR = TestStores.issuer().token("editor", "catalogue.write", "stock.write", "stock.reserve");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final Environment environment;

    Caller(Environment environment) {
        this.environment = environment;
    }

    Call get(String path) {
        return call("GET", path);
    }

    Call post(String path, String body) {
        return call("POST", path).json(body);
    }

    Call put(String path, String body) {
        return call("PUT", path).json(body);
    }

    Call patch(String path, String body) {
        return call("PATCH", path).body("application/merge-patch+json", body);
    }

    Call delete(String path) {
        return call("DELETE", path);
    }

    Call call(String method, String path) {
        return new Call("http://127.0.0.1:" + environment.getProperty("local.server.port") + path, method);
    }

    Call management(String path) {
        return new Call("http://127.0.0.1:" + environment.getProperty("local.management.port") + path, "GET");
    }

    static final class Call {

        private final HttpRequest.Builder request;
        private final String method;
        private final List<String> headers = new ArrayList<>();
        private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();

        private Call(String uri, String method) {
            this.request = HttpRequest.newBuilder(URI.create(uri));
            this.method = method;
        }

        Call as(String token) {
            return header("Authorization", "Bearer " + token);
        }

        Call asEditor() {
            return as(EDITOR);
        }

        Call header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        Call json(String text) {
            return body("application/json", text);
        }

        Call body(String type, String text) {
            return body(type, HttpRequest.BodyPublishers.ofString(text));
        }

        Call body(String type, HttpRequest.BodyPublisher publisher) {
            body = publisher;
            return header("Content-Type", type);
        }

        Answer send() {
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            try {
                HttpResponse<String> response =
                        CLIENT.send(request.method(method, body).build(), HttpResponse.BodyHandlers.ofString());
                return new Answer(response.statusCode(), response.headers(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    record Answer(int status, HttpHeaders headers, String body) {

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        JsonNode json() {
            return JSON.readTree(body);
        }

        /** The last part of the problem's type. */
        String problem() {
            assert header("Content-Type").startsWith("application/problem+json") : this;
            return json().path("type").asString().replace("https://gatehouse.dev/problems/", "");
        }

        /** {@code field:code} of each error of a problem. */
        List<String> errors() {
            List<String> errors = new ArrayList<>();
            json().path("errors")
                    .forEach(error -> errors.add(error.path("field").asString() + ":"
                            + error.path("code").asString()));
            return errors;
        }
    }
}
