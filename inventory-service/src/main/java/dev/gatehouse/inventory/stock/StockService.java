package dev.gatehouse.inventory.stock;

import dev.gatehouse.inventory.catalogue.FilmDeleted;
import dev.gatehouse.inventory.catalogue.FilmNotFound;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** How many copies there are. Always the writer's numbers: stock is never cached and never read from a replica. */
@Service
public class StockService {

    private static final Logger log = LoggerFactory.getLogger(StockService.class);

    private final StockLevels levels;

    StockService(StockLevels levels) {
        this.levels = levels;
    }

    /** @throws FilmNotFound when there is no such film */
    @Transactional
    public StockLevel level(UUID filmId) {
        return levels.find(filmId).orElseThrow(() -> new FilmNotFound(filmId));
    }

    /**
     * Adds or takes copies, once for each adjustment id.
     *
     * @param by who asked, for the record
     * @return the level now
     * @throws FilmNotFound when there is no such film
     * @throws InsufficientStock when that would leave less than none
     * @throws AdjustmentConflict when the id was used for something else
     */
    @Transactional
    public StockLevel adjust(UUID filmId, Adjustment adjustment, String by) {
        StockLevel before = level(filmId);
        if (!levels.record(filmId, adjustment, by)) {
            if (!levels.isRecorded(filmId, adjustment)) {
                throw new AdjustmentConflict(adjustment.id());
            }
            return before;
        }
        if (!levels.adjust(filmId, adjustment.delta())) {
            StockLevel now = level(filmId);
            throw new InsufficientStock(
                    List.of(new InsufficientStock.Shortage("delta", filmId, -adjustment.delta(), now.available())));
        }
        StockLevel after = level(filmId);
        log.info(
                "stock adjusted film={} adjustment={} delta={} available={}",
                filmId,
                adjustment.id(),
                adjustment.delta(),
                after.available());
        return after;
    }

    /** In the transaction that deletes the film. */
    @EventListener
    void on(FilmDeleted event) {
        if (!levels.removeUnheld(event.id())) {
            throw new FilmReserved(event.id());
        }
    }
}
