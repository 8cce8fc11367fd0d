package dev.gatehouse.inventory.catalogue.web;

import dev.gatehouse.inventory.catalogue.CatalogueService;
import dev.gatehouse.inventory.catalogue.Film;
import dev.gatehouse.inventory.catalogue.FilmDetails;
import dev.gatehouse.inventory.catalogue.FilmPage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping(path = "/api/films", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "films", description = "The catalogue")
class FilmController {

    private static final String MERGE_PATCH = "application/merge-patch+json";
    /** The same film may be kept anywhere, and is asked after by its tag each time. */
    private static final CacheControl REVALIDATE = CacheControl.noCache().cachePublic();

    private final CatalogueService catalogue;
    private final JsonMapper json;

    FilmController(CatalogueService catalogue, JsonMapper json) {
        this.catalogue = catalogue;
        this.json = json;
    }

    @GetMapping
    @Operation(
            operationId = "searchFilms",
            summary = "Find films",
            description =
                    "Words are found in titles, directors and descriptions, with tolerance for typing errors. A cursor is"
                            + " valid for the same search only.",
            security = {})
    @ApiResponse(
            responseCode = "200",
            description = "One page of films",
            headers =
                    @Header(
                            name = HttpHeaders.LINK,
                            description = "The next page, rel=next (RFC 8288)",
                            schema = @Schema(type = "string")))
    ResponseEntity<FilmPageResponse> search(
            @Parameter(
                            description = "Words to search for",
                            example = "godfather",
                            schema = @Schema(type = "string", minLength = 1, maxLength = 200))
                    @RequestParam(required = false)
                    @Nullable
                    String q,
            @Parameter(schema = @Schema(ref = "#/components/schemas/Genre")) @RequestParam(required = false) @Nullable
                    String genre,
            @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "9999"))
                    @RequestParam(required = false)
                    @Nullable
                    String yearFrom,
            @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "9999"))
                    @RequestParam(required = false)
                    @Nullable
                    String yearTo,
            @Parameter(
                            description = "Lowest price in minor units; needs a currency",
                            schema = @Schema(type = "integer", format = "int64", minimum = "0", maximum = "100000000"))
                    @RequestParam(required = false)
                    @Nullable
                    String priceFrom,
            @Parameter(
                            description = "Highest price in minor units; needs a currency",
                            schema = @Schema(type = "integer", format = "int64", minimum = "0", maximum = "100000000"))
                    @RequestParam(required = false)
                    @Nullable
                    String priceTo,
            @Parameter(description = "ISO 4217 code", schema = @Schema(type = "string", pattern = "^[A-Z]{3}$"))
                    @RequestParam(required = false)
                    @Nullable
                    String currency,
            @Parameter(
                            description =
                                    "Default: relevance with words, title without. Prices sort within their currency.",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {
                                                "title",
                                                "-title",
                                                "year",
                                                "-year",
                                                "price",
                                                "-price",
                                                "newest",
                                                "relevance"
                                            }))
                    @RequestParam(required = false)
                    @Nullable
                    String sort,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(description = "nextCursor of the page before", schema = @Schema(type = "string"))
                    @RequestParam(required = false)
                    @Nullable
                    String cursor) {
        FilmSearchParameters parameters =
                new FilmSearchParameters(q, genre, yearFrom, yearTo, priceFrom, priceTo, currency, sort, limit, cursor);
        FilmPage page = catalogue.page(parameters.query());
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().cacheControl(REVALIDATE);
        if (page.nextCursor() != null) {
            answer.header(HttpHeaders.LINK, parameters.link(page.nextCursor()));
        }
        return answer.body(FilmPageResponse.from(page));
    }

    @GetMapping("/{id}")
    @Operation(
            operationId = "getFilm",
            summary = "Read a film",
            security = {})
    @ApiResponse(
            responseCode = "200",
            description = "The film",
            headers = @Header(name = HttpHeaders.ETAG, description = "Its version", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "304", description = "The caller has this version", content = @Content)
    ResponseEntity<FilmResponse> read(
            @Parameter(example = FilmExamples.ID) @PathVariable UUID id,
            @Parameter(description = "Tags of the versions at hand", schema = @Schema(type = "string"))
                    @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
                    @Nullable
                    String ifNoneMatch) {
        LongPredicate known = EntityTags.ifNoneMatch(ifNoneMatch);
        Film film = catalogue.film(id);
        if (known.test(film.version())) {
            return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
                    .cacheControl(REVALIDATE)
                    .eTag(EntityTags.of(film.version()))
                    .build();
        }
        return answer(ResponseEntity.ok().cacheControl(REVALIDATE), film);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createFilm",
            summary = "Add a film",
            security = @SecurityRequirement(name = "oidc", scopes = "catalogue.write"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = FilmRequest.class),
                            examples = @ExampleObject(name = "film", value = FilmExamples.NEW)))
    @ApiResponse(
            responseCode = "201",
            description = "The film as it was added",
            headers = {
                @Header(name = HttpHeaders.LOCATION, description = "Its path", schema = @Schema(type = "string")),
                @Header(name = HttpHeaders.ETAG, description = "Its version", schema = @Schema(type = "string"))
            })
    ResponseEntity<FilmResponse> create(@RequestBody JsonNode body) {
        Film film = catalogue.create(FilmRequest.read(body));
        return answer(ResponseEntity.created(URI.create("/api/films/" + film.id())), film);
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "replaceFilm",
            summary = "Replace a film's content",
            security = @SecurityRequirement(name = "oidc", scopes = "catalogue.write"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = FilmRequest.class),
                            examples = @ExampleObject(name = "film", value = FilmExamples.REPLACED)))
    @ApiResponse(
            responseCode = "200",
            description = "The film as it is now",
            headers = @Header(name = HttpHeaders.ETAG, description = "Its version", schema = @Schema(type = "string")))
    ResponseEntity<FilmResponse> replace(
            @Parameter(example = FilmExamples.ID) @PathVariable UUID id,
            @Parameter(
                            description = "Tag of the version that is replaced, or *",
                            required = true,
                            example = "*",
                            schema = @Schema(type = "string"))
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable
                    String ifMatch,
            @RequestBody JsonNode body) {
        LongPredicate expected = EntityTags.ifMatch(ifMatch);
        FilmDetails details = FilmRequest.read(body);
        return answer(ResponseEntity.ok(), catalogue.change(id, expected, old -> details));
    }

    @PatchMapping(path = "/{id}", consumes = MERGE_PATCH)
    @Operation(
            operationId = "patchFilm",
            summary = "Change parts of a film",
            description = "JSON merge patch (RFC 7396): null removes an optional field.",
            security = @SecurityRequirement(name = "oidc", scopes = "catalogue.write"))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject(name = "patch", value = FilmExamples.PATCH)))
    @ApiResponse(
            responseCode = "200",
            description = "The film as it is now",
            headers = @Header(name = HttpHeaders.ETAG, description = "Its version", schema = @Schema(type = "string")))
    ResponseEntity<FilmResponse> patch(
            @Parameter(example = FilmExamples.ID) @PathVariable UUID id,
            @Parameter(
                            description = "Tag of the version that is changed, or *",
                            required = true,
                            example = "*",
                            schema = @Schema(type = "string"))
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable
                    String ifMatch,
            @RequestBody JsonNode patch) {
        LongPredicate expected = EntityTags.ifMatch(ifMatch);
        Film film = catalogue.change(
                id,
                expected,
                old -> FilmRequest.read(MergePatch.apply(json.valueToTree(FilmRequest.from(old)), patch)));
        return answer(ResponseEntity.ok(), film);
    }

    @DeleteMapping("/{id}")
    @Operation(
            operationId = "deleteFilm",
            summary = "Take a film out of the catalogue",
            description = "Refused while copies of it are held for an order.",
            security = @SecurityRequirement(name = "oidc", scopes = "catalogue.write"))
    @ApiResponse(responseCode = "204", description = "It is gone; its id is never used again", content = @Content)
    @ApiResponse(responseCode = "409", ref = "#/components/responses/Conflict")
    ResponseEntity<Void> delete(
            @Parameter(example = FilmExamples.DELETABLE_ID) @PathVariable UUID id,
            @Parameter(
                            description = "Tag of the version that is deleted, or *",
                            required = true,
                            example = "*",
                            schema = @Schema(type = "string"))
                    @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable
                    String ifMatch) {
        catalogue.delete(id, EntityTags.ifMatch(ifMatch));
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<FilmResponse> answer(ResponseEntity.BodyBuilder builder, Film film) {
        return builder.eTag(EntityTags.of(film.version())).body(FilmResponse.from(film));
    }
}
