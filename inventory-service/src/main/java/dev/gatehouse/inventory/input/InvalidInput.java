package dev.gatehouse.inventory.input;

import java.util.List;

/** What was sent could be read, but breaks the rules named in {@link #errors()}. */
public final class InvalidInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    public InvalidInput(List<FieldError> errors) {
        // Bad input is an answer, not a fault: no stack trace is kept.
        super(errors.toString(), null, false, false);
        this.errors = List.copyOf(errors);
    }

    public InvalidInput(FieldError error) {
        this(List.of(error));
    }

    public List<FieldError> errors() {
        return errors;
    }
}
