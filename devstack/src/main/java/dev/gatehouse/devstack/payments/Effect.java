package dev.gatehouse.devstack.payments;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What happened to money at the provider. */
public enum Effect {
    /** The amount is held on the card. */
    AUTHORIZED,
    /** The amount left the card; without an authorisation before it, the capture was automatic. */
    CAPTURED,
    /** The intent ended unpaid; the amount is what was held and is let go, 0 if nothing was. */
    CANCELLED,
    /** The amount went back to the card. */
    REFUNDED;

    /** The name in the journal file. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Effect of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
