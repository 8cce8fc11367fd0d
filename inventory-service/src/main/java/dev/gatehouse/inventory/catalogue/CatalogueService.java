package dev.gatehouse.inventory.catalogue;

import dev.gatehouse.inventory.cache.Versioned;
import dev.gatehouse.inventory.cache.VersionedCache;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The catalogue's use cases. Reads may come from the cache and from the reader; whatever decides comes from the writer. */
@Service
public class CatalogueService {

    private static final Logger log = LoggerFactory.getLogger(CatalogueService.class);

    private final Films films;
    private final FilmSearch search;
    private final VersionedCache cache;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate reader;
    private final TransactionTemplate writer;

    CatalogueService(
            Films films,
            FilmSearch search,
            VersionedCache cache,
            JsonMapper json,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.films = films;
        this.search = search;
        this.cache = cache;
        this.json = json;
        this.events = events;
        this.reader = new TransactionTemplate(transactions);
        this.reader.setReadOnly(true);
        this.writer = new TransactionTemplate(transactions);
    }

    /**
     * A film as the cache or the reader knows it: on this instance never older than the last change made through it.
     *
     * @throws FilmNotFound when there is none
     */
    public Film film(UUID id) {
        String body = cache.read(id.toString(), atLeast -> load(id, atLeast)).orElseThrow(() -> new FilmNotFound(id));
        try {
            return json.readValue(body, Film.class);
        } catch (JacksonException e) {
            // Someone else wrote under our key. Going round it is right, silence about it is not.
            log.warn("cache holds no film id={}: {}", id, e.getOriginalMessage());
            return reader(id).orElseThrow(() -> new FilmNotFound(id));
        }
    }

    private @Nullable Versioned load(UUID id, long atLeast) {
        Optional<Film> film = reader(id);
        if (atLeast > 0 && film.map(Film::version).orElse(0L) < atLeast) {
            // The reader lags behind a change that is known to be committed.
            film = Optional.ofNullable(writer.execute(
                    status -> films.find(id).map(StoredFilm::film).orElse(null)));
        }
        return film.map(found -> new Versioned(found.version(), json.writeValueAsString(found)))
                .orElse(null);
    }

    private Optional<Film> reader(UUID id) {
        return Optional.ofNullable(
                reader.execute(status -> films.find(id).map(StoredFilm::film).orElse(null)));
    }

    /** @throws dev.gatehouse.inventory.input.InvalidInput when the cursor is not one of this query */
    @Transactional(readOnly = true)
    public FilmPage page(FilmQuery query) {
        return search.page(query);
    }

    /** The films as they are now, for decisions on money: in the caller's transaction, past the cache. */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Film> current(Collection<UUID> ids) {
        return films.findAll(ids);
    }

    @Transactional
    public Film create(FilmDetails details) {
        StoredFilm film = new StoredFilm(FilmIds.next(), details);
        films.add(film);
        events.publishEvent(new FilmChanged(film.id(), film.version()));
        log.info("film created id={} version={}", film.id(), film.version());
        return film.film();
    }

    /**
     * Changes a film; a change that changes nothing leaves its version alone.
     *
     * @param expected whether the caller knows the film at this version
     * @throws FilmNotFound when there is none
     * @throws FilmChangedMeanwhile when it is at another version
     */
    @Transactional
    public Film change(UUID id, LongPredicate expected, UnaryOperator<FilmDetails> change) {
        StoredFilm film = expect(id, expected);
        long before = film.version();
        film.replace(change.apply(film.details()));
        films.flush();
        if (film.version() != before) {
            events.publishEvent(new FilmChanged(id, film.version()));
            log.info("film changed id={} version={}", id, film.version());
        }
        return film.film();
    }

    /**
     * Takes a film out of the catalogue.
     *
     * @param expected whether the caller knows the film at this version
     * @throws FilmNotFound when there is none
     * @throws FilmChangedMeanwhile when it is at another version
     */
    @Transactional
    public void delete(UUID id, LongPredicate expected) {
        StoredFilm film = expect(id, expected);
        events.publishEvent(new FilmDeleted(id, film.version()));
        films.remove(film);
        log.info("film deleted id={} version={}", id, film.version());
    }

    private StoredFilm expect(UUID id, LongPredicate expected) {
        StoredFilm film = films.find(id).orElseThrow(() -> new FilmNotFound(id));
        if (!expected.test(film.version())) {
            throw new FilmChangedMeanwhile(id, film.version());
        }
        return film;
    }
}
