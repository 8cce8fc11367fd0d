package dev.gatehouse.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events are contracts: each type in the code has its schema, and each schema its type. */
class EventContractTests {

    private static final Path SCHEMAS = Path.of("api/events");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void everyTypeOfEventHasItsSchemaAndEverySchemaItsType() throws Exception {
        Map<String, Integer> published = new TreeMap<>();
        for (JavaClass event : new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("dev.gatehouse.billing")) {
            if (event.tryGetField("TYPE").isPresent()
                    && event.tryGetField("SCHEMA_VERSION").isPresent()) {
                Class<?> type = event.reflect();
                published.put(
                        (String) type.getField("TYPE").get(null),
                        type.getField("SCHEMA_VERSION").getInt(null));
            }
        }

        Map<String, Integer> described = new TreeMap<>();
        for (Path file : schemas()) {
            JsonNode schema = JSON.readTree(Files.readString(file));
            String type = schema.at("/properties/type/const").asString();
            assertThat(file.getFileName()).hasToString(type + ".schema.json");
            int version = schema.at("/properties/schemaVersion/const").asInt();
            assertThat(URI.create(schema.path("$id").asString()))
                    .isEqualTo(URI.create("https://gatehouse.dev/events/" + type + "/" + version));
            described.put(type, version);
        }

        assertThat(published).isNotEmpty();
        assertThat(described).isEqualTo(published);
    }

    @Test
    void everySchemaIsOneAndAllowsNothingItDoesNotName() throws Exception {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

        for (Path file : schemas()) {
            String text = Files.readString(file);
            JsonNode schema = JSON.readTree(text);
            assertThat(schema.path("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
            assertThat(schema.path("additionalProperties").asBoolean(true))
                    .as("%s", file)
                    .isFalse();
            assertThat(schema.path("required").valueStream().map(JsonNode::asString))
                    .contains("id", "type", "schemaVersion", "at");
            assertThat(meta.getSchema(text).validate("{}", InputFormat.JSON)).isNotEmpty();
        }
    }

    private static Iterable<Path> schemas() throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.sorted().toList();
        }
    }
}
