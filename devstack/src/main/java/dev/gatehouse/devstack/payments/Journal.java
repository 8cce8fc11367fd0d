package dev.gatehouse.devstack.payments;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The provider's memory: two append-only files of JSON lines. {@code journal.jsonl} has one line per movement of money
 * and nothing else, so that others can check against it; {@code requests.jsonl} has what else must survive a restart.
 * A line is on the disk before {@link #append} returns.
 */
final class Journal implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final FileChannel lock;
    private final LineFile effects;
    private final LineFile requests;
    private long lastSequence;

    private Journal(FileChannel lock, LineFile effects, LineFile requests, long lastSequence) {
        this.lock = lock;
        this.effects = effects;
        this.requests = requests;
        this.lastSequence = lastSequence;
    }

    /**
     * Opens the files of a directory, making them if absent.
     *
     * @param replay is given every line there is, in order
     * @throws IllegalStateException if a line in the middle of a file cannot be read, or another simulator has the
     *     directory open
     */
    static Journal open(Path directory, Consumer<Line> replay) {
        try {
            Files.createDirectories(directory);
            FileChannel lock = lock(directory.resolve("lock"));
            try {
                LineFile effects = new LineFile(directory.resolve("journal.jsonl"));
                LineFile requests = new LineFile(directory.resolve("requests.jsonl"));
                List<Line> lines = new ArrayList<>(effects.read());
                lines.addAll(requests.read());
                lines.sort(Comparator.comparingLong(Line::sequence));
                lines.forEach(replay);
                return new Journal(
                        lock,
                        effects,
                        requests,
                        lines.isEmpty() ? 0 : lines.getLast().sequence());
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            log.debug("held by this very JVM", e);
        }
        channel.close();
        throw new IllegalStateException("Another payment provider uses " + path.getParent() + ": stop it first.");
    }

    /** Gives the line its number, writes it and waits until the disk has it. */
    Line append(LongFunction<Line> numbered) {
        Line line;
        LineFile file;
        long end;
        synchronized (this) {
            line = numbered.apply(lastSequence + 1);
            file = line.effect() == null ? requests : effects;
            end = file.write(line);
            lastSequence++;
        }
        file.force(end);
        return line;
    }

    /** The movements of money in their order, read from the file. */
    List<JournalEntry> entries() {
        return effects.read().stream().map(Line::entry).toList();
    }

    @Override
    public void close() {
        effects.close();
        requests.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line of either file: what happened, the intent after it, its events and the answer a key remembers. */
    record Line(
            long sequence,
            Instant at,
            @Nullable Effect effect,
            @Nullable String refund,
            @Nullable Long amountMinor,
            @Nullable String idempotencyKey,
            @Nullable Intent after,
            @Nullable Event event,
            @Nullable Saved answer,
            @Nullable String settledEvent) {

        private JournalEntry entry() {
            Intent intent = after;
            if (effect == null || intent == null || amountMinor == null) {
                throw new IllegalStateException("Line " + sequence + " of the payment journal is no movement of money");
            }
            Intent.Charge charge = intent.charge();
            return new JournalEntry(
                    sequence,
                    at,
                    effect,
                    intent.id(),
                    charge == null ? null : charge.id(),
                    refund,
                    amountMinor,
                    intent.currency().toUpperCase(Locale.ROOT),
                    intent.orderId(),
                    idempotencyKey,
                    intent.metadata());
        }
    }

    /** An event and how many times it is to be delivered; 0 only by hand. */
    record Event(
            String id, String type, int copies, @Nullable String requestId) {}

    /** What an idempotency key remembers; without an error the answer is the intent or the refund as it was. */
    record Saved(
            String fingerprint,
            String requestId,
            int status,
            List<String> expand,
            @Nullable String error) {}

    /** A file of JSON lines that grows; waiting writers share one flush. */
    private static final class LineFile implements AutoCloseable {

        private final Path path;
        private final FileOutputStream out;
        private final Object flush = new Object();
        private volatile long written;
        private long flushed;

        LineFile(Path path) throws IOException {
            this.path = path;
            cutUnfinishedLine(path);
            this.out = new FileOutputStream(path.toFile(), true);
        }

        private static void cutUnfinishedLine(Path path) throws IOException {
            if (!Files.exists(path)) {
                return;
            }
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                long end = file.length();
                while (end > 0) {
                    file.seek(end - 1);
                    if (file.read() == '\n') {
                        break;
                    }
                    end--;
                }
                if (end < file.length()) {
                    log.warn("{} ended in a line that was never finished nor answered; it is cut off", path);
                    file.setLength(end);
                }
            }
        }

        List<Line> read() {
            try {
                byte[] content = Files.readAllBytes(path);
                List<Line> lines = new ArrayList<>();
                int start = 0;
                for (int i = 0; i < content.length; i++) {
                    if (content[i] == '\n') {
                        lines.add(
                                parse(new String(content, start, i - start, StandardCharsets.UTF_8), lines.size() + 1));
                        start = i + 1;
                    }
                }
                return lines;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Line parse(String text, int number) {
            try {
                return StripeJson.MAPPER.readValue(text, Line.class);
            } catch (JacksonException e) {
                throw new IllegalStateException(
                        "The payment provider's journal " + path + " is damaged in line " + number
                                + ": restore the file or remove its directory.",
                        e);
            }
        }

        long write(Line line) {
            byte[] bytes = (StripeJson.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
            try {
                out.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            written += bytes.length; // only under the journal's lock
            return written;
        }

        void force(long end) {
            synchronized (flush) {
                if (flushed >= end) {
                    return;
                }
                long upTo = written;
                try {
                    out.getFD().sync();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                flushed = upTo;
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
