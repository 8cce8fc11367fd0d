package dev.gatehouse.inventory.catalogue;

import dev.gatehouse.inventory.cache.VersionedCache;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Tells the cache what changed, after the commit: before it, a reader could put the old film back. */
@Component
class FilmInvalidation {

    private final VersionedCache cache;

    FilmInvalidation(VersionedCache cache) {
        this.cache = cache;
    }

    @TransactionalEventListener
    void on(FilmChanged event) {
        cache.changed(event.id().toString(), event.version());
    }

    @TransactionalEventListener
    void on(FilmDeleted event) {
        cache.gone(event.id().toString(), event.version());
    }
}
