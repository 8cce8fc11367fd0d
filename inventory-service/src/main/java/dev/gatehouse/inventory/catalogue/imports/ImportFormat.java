package dev.gatehouse.inventory.catalogue.imports;

/** How the rows are written. */
public enum ImportFormat {
    /** One JSON object a line, as a film is created, optionally with {@code id} and {@code version}. */
    NDJSON,
    /** RFC 4180 with a header line; the columns are the JSON paths, genres are separated by {@code |}. */
    CSV
}
