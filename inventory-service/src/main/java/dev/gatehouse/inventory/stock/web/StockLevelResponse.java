package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.stock.StockLevel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;

@Schema(
        name = "StockLevel",
        requiredProperties = {"filmId", "available", "reserved", "version"})
record StockLevelResponse(UUID filmId, long available, long reserved, long version) {

    static StockLevelResponse from(StockLevel level) {
        return new StockLevelResponse(level.filmId(), level.available(), level.reserved(), level.version());
    }
}
