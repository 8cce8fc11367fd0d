package dev.gatehouse.inventory.catalogue.imports;

import dev.gatehouse.inventory.input.InvalidInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rows of a body, in whatever format, as the JSON they stand for. */
interface Rows {

    /** @return the next row, or null at the end */
    @Nullable
    Row next() throws IOException;

    /** A row before its fields were read: either JSON or what is wrong with it as a whole. */
    record Row(@Nullable JsonNode json, @Nullable InvalidInput fault) {

        static Row good(JsonNode json) {
            return new Row(json, null);
        }

        static Row bad(InvalidInput fault) {
            return new Row(null, fault);
        }
    }
}
