package dev.gatehouse.inventory.catalogue;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.CreationTimestamp;
import org.hibernate.annotations.SourceType;
import org.hibernate.annotations.UpdateTimestamp;
import org.jspecify.annotations.Nullable;

/** The row of a {@link Film}; it leaves this package only as that value. */
@Entity
@Table(name = "films")
class StoredFilm {

    @Id
    private UUID id;

    @Column(name = "title")
    private String title;

    @Column(name = "original_title")
    private @Nullable String originalTitle;

    @Column(name = "year")
    private int year;

    @Column(name = "genres")
    private String[] genres;

    @Column(name = "director")
    private @Nullable String director;

    @Column(name = "runtime_minutes")
    private @Nullable Integer runtimeMinutes;

    @Column(name = "description")
    private @Nullable String description;

    @Column(name = "price_minor")
    private long priceMinor;

    @Column(name = "currency")
    private String currency;

    @Version
    @Column(name = "version")
    private long version;

    @CreationTimestamp(source = SourceType.DB)
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @UpdateTimestamp(source = SourceType.DB)
    @Column(name = "updated_at")
    private Instant updatedAt;

    /** For Hibernate. */
    protected StoredFilm() {}

    StoredFilm(UUID id, FilmDetails details) {
        this.id = id;
        this.version = 1;
        replace(details);
    }

    /** The whole content; an equal one leaves the version as it is. */
    final void replace(FilmDetails details) {
        title = details.title();
        originalTitle = details.originalTitle();
        year = details.year();
        genres = details.genres().stream().map(Genre::label).toArray(String[]::new);
        director = details.director();
        runtimeMinutes = details.runtimeMinutes();
        description = details.description();
        priceMinor = details.price().amountMinor();
        currency = details.price().currency();
    }

    UUID id() {
        return id;
    }

    long version() {
        return version;
    }

    FilmDetails details() {
        List<Genre> known = Arrays.stream(genres)
                .map(label -> Genre.of(label).orElseThrow())
                .toList();
        return new FilmDetails(
                title,
                originalTitle,
                year,
                known,
                director,
                runtimeMinutes,
                description,
                new Money(priceMinor, currency));
    }

    Film film() {
        return new Film(id, details(), version, createdAt, updatedAt);
    }
}
