package dev.gatehouse.inventory.catalogue.imports;

import dev.gatehouse.inventory.catalogue.FilmBatches;
import dev.gatehouse.inventory.catalogue.FilmBatches.Replacement;
import dev.gatehouse.inventory.catalogue.FilmDetails;
import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import dev.gatehouse.inventory.input.JsonFields;
import dev.gatehouse.inventory.input.LimitedInputStream;
import dev.gatehouse.inventory.input.PayloadTooLarge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports films from a stream, in batches of a bounded size.
 *
 * <p>A row without an id creates a film. A row with an id and a version replaces the content of that film if it is at that
 * version, so that an edited export can be sent back and overwrites no change made meanwhile; ids are never made by
 * callers. Each row is done as a whole or not at all, and a bad one stops no other. When the stream breaks off, the rows of
 * the finished batches stay.
 */
@Service
public class FilmImport {

    private static final Logger log = LoggerFactory.getLogger(FilmImport.class);

    static final int BATCH = 500;
    static final int MAX_ERRORS = 100;

    private final FilmBatches films;
    private final JsonMapper json;
    private final ImportProperties properties;

    FilmImport(FilmBatches films, JsonMapper json, ImportProperties properties) {
        this.films = films;
        this.json = json;
        this.properties = properties;
    }

    /** The longest body in bytes. */
    public long maxBytes() {
        return properties.maxSize().toBytes();
    }

    /**
     * Reads the stream to its end; does not close it.
     *
     * @throws InvalidInput when the header of the CSV is wrong; nothing is imported then
     * @throws ImportInterrupted when the body is longer than {@link #maxBytes()} or the database fails
     * @throws IOException when the stream breaks off
     */
    public ImportReport run(ImportFormat format, InputStream body) throws IOException {
        Run run = new Run();
        boolean finished = false;
        try {
            Reader reader = withoutMark(new LimitedInputStream(body, maxBytes()));
            Rows rows = format == ImportFormat.CSV ? new CsvRows(reader) : new NdjsonRows(reader, json);
            for (Rows.Row row = rows.next(); row != null; row = rows.next()) {
                run.add(row);
            }
            run.write();
            finished = true;
        } catch (PayloadTooLarge | DataAccessException | TransactionException e) {
            throw new ImportInterrupted(run.report(), e);
        } finally {
            log.info(
                    "films imported finished={} received={} created={} updated={} rejected={}",
                    finished,
                    run.received,
                    run.created,
                    run.updated,
                    run.rejected);
        }
        return run.report();
    }

    /** Bytes that are not UTF-8 become U+FFFD, which no text of ours may hold: the row is refused, not the file. */
    private static Reader withoutMark(InputStream body) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private record Pending(long row, @Nullable Replacement replacement, FilmDetails details) {}

    /** One import: at most a batch of rows and a page of errors. */
    private final class Run {

        private final List<Pending> batch = new ArrayList<>();
        private final List<ImportReport.RowError> errors = new ArrayList<>();
        private long received;
        private long created;
        private long updated;
        private long rejected;
        private boolean truncated;

        void add(Rows.Row row) {
            received++;
            if (row.fault() != null) {
                reject(received, row.fault().errors());
                return;
            }
            if (row.json() == null) {
                return;
            }
            try {
                batch.add(read(received, row.json()));
            } catch (InvalidInput e) {
                reject(received, e.errors());
                return;
            }
            if (batch.size() == BATCH) {
                write();
            }
        }

        private static Pending read(long row, JsonNode node) {
            JsonFields fields = JsonFields.of(node);
            UUID id = fields.optionalUuid("id");
            Long version = fields.optionalInteger("version", 1, Long.MAX_VALUE);
            FilmDetails details = FilmDetails.read(fields);
            if (id == null && version != null) {
                fields.refuse("id", "required", "is required with a version");
            } else if (id != null && version == null) {
                fields.refuse("version", "required", "is required with an id: the version that is to be replaced");
            }
            fields.finish();
            return new Pending(
                    row, id == null || version == null ? null : new Replacement(id, version, details), details);
        }

        void write() {
            create(batch.stream().filter(row -> row.replacement == null).toList());
            replace(batch.stream().filter(row -> row.replacement != null).toList());
            batch.clear();
        }

        private void create(List<Pending> rows) {
            if (rows.isEmpty()) {
                return;
            }
            try {
                films.create(rows.stream().map(Pending::details).toList());
                created += rows.size();
            } catch (DataIntegrityViolationException e) {
                // Our rules let something pass that the table's did not: find the row, keep the others.
                if (rows.size() == 1) {
                    log.warn(
                            "row refused by the database: {}",
                            e.getMostSpecificCause().getMessage());
                    reject(
                            rows.getFirst().row,
                            List.of(new FieldError("", "refused", "breaks a rule of the catalogue's table")));
                } else {
                    rows.forEach(row -> create(List.of(row)));
                }
            }
        }

        private void replace(List<Pending> rows) {
            if (rows.isEmpty()) {
                return;
            }
            List<Replacement> replacements = new ArrayList<>();
            for (Pending row : rows) {
                if (row.replacement != null) {
                    replacements.add(row.replacement);
                }
            }
            List<FilmBatches.Outcome> outcomes = films.replace(replacements);
            for (int i = 0; i < outcomes.size(); i++) {
                switch (outcomes.get(i)) {
                    case CHANGED -> updated++;
                    case STALE ->
                        reject(
                                rows.get(i).row,
                                List.of(new FieldError("version", "stale", "is not the film's version any more")));
                    case UNKNOWN ->
                        reject(
                                rows.get(i).row,
                                List.of(new FieldError("id", "unknown-film", "is not the id of a film")));
                }
            }
        }

        private void reject(long row, List<FieldError> reasons) {
            rejected++;
            for (FieldError reason : reasons) {
                if (errors.size() < MAX_ERRORS) {
                    errors.add(new ImportReport.RowError(row, reason.field(), reason.code(), reason.message()));
                } else {
                    truncated = true;
                }
            }
        }

        ImportReport report() {
            // A batch is written as a whole, so its late errors come after those of its early rows.
            List<ImportReport.RowError> ordered = errors.stream()
                    .sorted(Comparator.comparingLong(ImportReport.RowError::row))
                    .toList();
            return new ImportReport(received, created, updated, rejected, ordered, truncated);
        }
    }
}
