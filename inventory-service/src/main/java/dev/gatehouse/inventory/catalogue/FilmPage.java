package dev.gatehouse.inventory.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param films in the order asked for
 * @param nextCursor of the page after this one; null on the last
 */
public record FilmPage(List<Film> films, @Nullable String nextCursor) {}
