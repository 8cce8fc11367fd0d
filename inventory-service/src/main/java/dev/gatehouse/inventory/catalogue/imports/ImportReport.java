package dev.gatehouse.inventory.catalogue.imports;

import java.util.List;

/**
 * What became of an import's rows.
 *
 * @param received rows found, good and bad; header and blank lines are none
 * @param errors of the rejected rows, in order
 * @param errorsTruncated whether there were more errors than are listed
 */
public record ImportReport(
        long received, long created, long updated, long rejected, List<RowError> errors, boolean errorsTruncated) {

    /**
     * @param row counted from 1
     * @param field JSON path or column; empty when the row as a whole is wrong
     */
    public record RowError(long row, String field, String code, String message) {}
}
