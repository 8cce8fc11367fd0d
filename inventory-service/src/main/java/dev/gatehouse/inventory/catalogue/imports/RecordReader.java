package dev.gatehouse.inventory.catalogue.imports;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into records, one at a time, and never holds more than one.
 *
 * <p>A record that is too long or whose quotes do not fit ends at its first line break, so that it spoils nothing but
 * itself: an open quote would otherwise swallow the rest of the file.
 */
final class RecordReader {

    /** Characters; the longest row that can be right is a fraction of it. */
    static final int MAX_RECORD = 32 * 1024;

    private final Reader reader;
    private final boolean quotes;
    private final char[] buffer = new char[2 * MAX_RECORD];
    private int start;
    private int end;
    private boolean ended;

    /** @param quotes whether a field in quotes may hold line breaks (RFC 4180) */
    RecordReader(Reader reader, boolean quotes) {
        this.reader = reader;
        this.quotes = quotes;
    }

    /**
     * One record.
     *
     * @param text without its line break; empty when there is a fault
     */
    record Record(String text, @Nullable Fault fault) {}

    enum Fault {
        TOO_LONG,
        OPEN_QUOTE,
        STRAY_QUOTE
    }

    private enum State {
        FIELD_START,
        PLAIN,
        QUOTED,
        AFTER_QUOTE
    }

    /** @return the next record that is not blank, or null at the end */
    @Nullable
    Record next() throws IOException {
        while (true) {
            Record record = record();
            if (record == null || record.fault != null || !record.text.isBlank()) {
                return record;
            }
        }
    }

    private @Nullable Record record() throws IOException {
        State state = quotes ? State.FIELD_START : State.PLAIN;
        int length = 0;
        while (true) {
            if (length > MAX_RECORD) {
                return faulty(state == State.QUOTED ? Fault.OPEN_QUOTE : Fault.TOO_LONG);
            }
            if (start + length == end && !fill()) {
                return last(state, length);
            }
            char c = buffer[start + length];
            if (c == '\n' && state != State.QUOTED) {
                return take(length, length + 1);
            }
            State next = quotes ? step(state, c) : state;
            if (next == null) {
                return faulty(Fault.STRAY_QUOTE);
            }
            state = next;
            length++;
        }
    }

    private static @Nullable State step(State state, char c) {
        return switch (state) {
            case FIELD_START -> c == '"' ? State.QUOTED : c == ',' ? State.FIELD_START : State.PLAIN;
            case PLAIN -> c == ',' ? State.FIELD_START : State.PLAIN;
            case QUOTED -> c == '"' ? State.AFTER_QUOTE : State.QUOTED;
            case AFTER_QUOTE ->
                switch (c) {
                    case '"' -> State.QUOTED;
                    case ',' -> State.FIELD_START;
                    case '\r' -> State.AFTER_QUOTE;
                    default -> null;
                };
        };
    }

    private @Nullable Record last(State state, int length) throws IOException {
        if (length == 0) {
            return null;
        }
        return state == State.QUOTED ? faulty(Fault.OPEN_QUOTE) : take(length, length);
    }

    private Record take(int length, int consumed) {
        int visible = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
        String text = new String(buffer, start, visible);
        start += consumed;
        return new Record(text, null);
    }

    /** Goes on behind the first line break, however far away it is. */
    private Record faulty(Fault fault) throws IOException {
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    start = i + 1;
                    return new Record("", fault);
                }
            }
            start = end;
            if (!fill()) {
                return new Record("", fault);
            }
        }
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = reader.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
            return false;
        }
        end += read;
        return true;
    }
}
