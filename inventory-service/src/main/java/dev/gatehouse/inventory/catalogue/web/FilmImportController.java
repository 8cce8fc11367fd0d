package dev.gatehouse.inventory.catalogue.web;

import dev.gatehouse.inventory.catalogue.imports.FilmImport;
import dev.gatehouse.inventory.catalogue.imports.ImportFormat;
import dev.gatehouse.inventory.catalogue.imports.ImportReport;
import dev.gatehouse.inventory.input.PayloadTooLarge;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "films")
class FilmImportController {

    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";
    private static final List<MediaType> TYPES =
            List.of(MediaType.parseMediaType(NDJSON), MediaType.parseMediaType(CSV));

    private final FilmImport films;

    FilmImportController(FilmImport films) {
        this.films = films;
    }

    @PostMapping(
            path = "/api/films/import",
            consumes = {NDJSON, CSV},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "importFilms",
            summary = "Import many films",
            description =
                    "A row without id creates a film; a row with id and version replaces that film's content if it is at"
                            + " that version. Each row is done as a whole or not at all, and a bad row stops no other. CSV columns are"
                            + " the JSON paths (price.amountMinor), genres are separated by |.",
            security = @SecurityRequirement(name = "oidc", scopes = "catalogue.write"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = NDJSON,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(name = "two films", value = FilmExamples.NDJSON)),
                @Content(
                        mediaType = CSV,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(name = "two films", value = FilmExamples.CSV))
            })
    @ApiResponse(responseCode = "200", description = "What became of the rows")
    ImportReport importFilms(@Parameter(hidden = true) HttpServletRequest request)
            throws IOException, HttpMediaTypeNotSupportedException {
        MediaType type = MediaType.parseMediaType(String.valueOf(request.getContentType()));
        Charset charset = type.getCharset();
        if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
            throw new HttpMediaTypeNotSupportedException(type, TYPES);
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HttpMediaTypeNotSupportedException("Content-Encoding " + encoding + " is not taken", TYPES);
        }
        if (request.getContentLengthLong() > films.maxBytes()) {
            throw new PayloadTooLarge(films.maxBytes());
        }
        ImportFormat format = type.getSubtype().equals("csv") ? ImportFormat.CSV : ImportFormat.NDJSON;
        return films.run(format, request.getInputStream());
    }
}
