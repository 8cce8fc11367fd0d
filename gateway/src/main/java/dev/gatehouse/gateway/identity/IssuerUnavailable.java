package dev.gatehouse.gateway.identity;

/** The issuer's keys could not be had, so a token can be neither accepted nor refused. */
final class IssuerUnavailable extends RuntimeException {

    IssuerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
