package dev.gatehouse.devstack.process;

import org.jspecify.annotations.Nullable;

/** A part of the platform does not start; the message is one line that says what is wrong and what to do. */
public final class CannotStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CannotStart(String line) {
        this(line, null);
    }

    public CannotStart(String line, @Nullable Throwable cause) {
        super(line.replaceAll("\\s*\\R\\s*", " "), cause);
    }
}
