package dev.gatehouse.billing.payment;

import org.jspecify.annotations.Nullable;

/** Reads what the payment provider sends by itself. */
public interface ProviderEvents {

    /**
     * Checks the signature over exactly these bytes, then reads them. How old the signature may be is the caller's business.
     *
     * @param body as it was received
     * @param signature the header that carries the signature; null when there was none
     * @throws EventRefused when it is not the provider's, or cannot be read
     */
    ProviderEvent read(byte[] body, @Nullable String signature);
}
