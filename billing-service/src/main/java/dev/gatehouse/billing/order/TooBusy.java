package dev.gatehouse.billing.order;

/** More is asked at once than this instance lets in; nothing was done. */
public class TooBusy extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooBusy(String detail) {
        super(detail);
    }
}
