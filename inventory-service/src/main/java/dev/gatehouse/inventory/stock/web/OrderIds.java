package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.input.Parameters;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The orders that a caller asks about, as a query parameter names them. */
final class OrderIds {

    private static final int MOST = 100;
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private OrderIds() {}

    /** @throws dev.gatehouse.inventory.input.InvalidInput when there are none, too many, or some that are no ids */
    static Set<UUID> read(@Nullable String text) {
        var parameters = new Parameters();
        Set<UUID> ids = new LinkedHashSet<>();
        if (text == null || text.isEmpty()) {
            parameters.refuse("orderIds", "required", "must be given");
        } else {
            for (String id : text.split(",", -1)) {
                if (ID.matcher(id).matches()) {
                    ids.add(UUID.fromString(id));
                } else {
                    parameters.refuse("orderIds", "malformed", "must be UUIDs, separated by commas");
                    break;
                }
            }
            if (ids.size() > MOST) {
                parameters.refuse("orderIds", "too-many", "may be up to " + MOST);
            }
        }
        parameters.finish();
        return ids;
    }
}
