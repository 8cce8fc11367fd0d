package dev.gatehouse.inventory.input;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with one field.
 *
 * @param field JSON path such as {@code lines[0].quantity}, or the name of a parameter, header or column
 * @param code stable, for programs
 * @param message for people
 * @param limit the bound that was broken, where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldError(
        String field, String code, String message, @Nullable Long limit) {

    public FieldError(String field, String code, String message) {
        this(field, code, message, null);
    }
}
