package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds the Postman collection against both services' contracts, without running it. */
class PostmanCollectionTests {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete", "head", "options");

    private record Operation(String method, String path) {

        /** A template such as {@code /api/films/{id}} matches the request's path segment by segment. */
        boolean matches(Operation request) {
            String template = path.replaceAll("\\{[^}]+}", "[^/]+");
            return method.equals(request.method)
                    && Pattern.compile(template).matcher(request.path).matches();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @Test
    void everyDocumentedOperationHasARequest() {
        List<Operation> requests = requests();
        Set<String> missing = new TreeSet<>();
        for (String service : List.of("inventory-service", "billing-service")) {
            List<Operation> documented = documented(service);
            assertThat(documented).as("operations of %s", service).isNotEmpty();
            for (Operation operation : documented) {
                if (requests.stream().noneMatch(operation::matches)) {
                    missing.add(operation.toString());
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void everyRequestHasATest() {
        List<String> untested = new ArrayList<>();
        walk(collection(), item -> {
            if (!String.valueOf(item.get("event")).contains("pm.test")) {
                untested.add(String.valueOf(item.get("name")));
            }
        });

        assertThat(untested).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static List<Operation> documented(String service) {
        Map<String, Object> document = new Yaml().load(Repository.read(Path.of(service, "api/openapi.yaml")));
        List<Operation> operations = new ArrayList<>();
        ((Map<String, Map<String, Object>>) document.get("paths"))
                .forEach((path, item) -> item.keySet().stream()
                        .filter(METHODS::contains)
                        .forEach(method ->
                                operations.add(new Operation(method.toUpperCase(java.util.Locale.ROOT), path))));
        return operations;
    }

    private static List<Operation> requests() {
        List<Operation> requests = new ArrayList<>();
        walk(collection(), item -> {
            Map<?, ?> request = (Map<?, ?>) item.get("request");
            Object url = request.get("url");
            String raw = String.valueOf(url instanceof Map<?, ?> map ? map.get("raw") : url);
            String path = raw.replaceFirst("^\\{\\{[^}]+}}", "").replaceFirst("[?#].*$", "");
            requests.add(new Operation(String.valueOf(request.get("method")), path));
        });
        return requests;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> collection() {
        // JSON is YAML.
        return new Yaml().load(Repository.read(Path.of("tests/postman/gatehouse.postman_collection.json")));
    }

    @SuppressWarnings("unchecked")
    private static void walk(Map<String, Object> folder, java.util.function.Consumer<Map<String, Object>> visit) {
        for (Map<String, Object> item : (List<Map<String, Object>>) folder.get("item")) {
            if (item.containsKey("item")) {
                walk(item, visit);
            } else {
                visit.accept(item);
            }
        }
    }
}
