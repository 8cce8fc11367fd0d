package dev.gatehouse.billing.cart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Carts in Redis: one hash per customer, every operation one script, so that none is ever half done or without expiry. */
@Repository
class Carts {

    private static final Comparator<Cart.Item> BY_TITLE =
            Comparator.comparing(Cart.Item::title).thenComparing(Cart.Item::filmId);

    /** Renews the expiry; answers when the cart expires by the store's clock, then its fields and values. */
    private static final String READ = """
            local items = redis.call('HGETALL', KEYS[1])
            if #items == 0 then return {} end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            local now = redis.call('TIME')
            local expiresAt = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[1]
            table.insert(items, 1, string.format('%.0f', expiresAt))
            return items
            """;

    private static final RedisScript<List<String>> READ_SCRIPT = script(READ);

    private static final RedisScript<List<String>> PUT_SCRIPT = script("""
            local present = redis.call('HGETALL', KEYS[1])
            local others = 0
            for i = 1, #present, 2 do
                if present[i] ~= ARGV[2] then
                    others = others + 1
                    local currency = cjson.decode(present[i + 1]).unitPrice.currency
                    if currency ~= ARGV[4] then return {'other-currency', currency} end
                end
            end
            if others >= tonumber(ARGV[5]) then return {'full'} end
            redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
            """ + READ);

    private static final RedisScript<List<String>> REMOVE_SCRIPT =
            script("redis.call('HDEL', KEYS[1], ARGV[2])\n" + READ);

    private final StringRedisTemplate redis;
    private final Duration expiry;

    // Its own, so that what is stored does not change with the rules of the HTTP API.
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Carts(StringRedisTemplate redis, CartProperties properties) {
        this.redis = redis;
        this.expiry = properties.expiry();
    }

    Cart read(String customer) {
        return cart(run(READ_SCRIPT, customer));
    }

    /** @throws CartConflict when the cart is full or in another currency */
    Cart put(String customer, Cart.Item item, int maxFilms) {
        String stored = json.writeValueAsString(new StoredItem(item.title(), item.quantity(), item.unitPrice()));
        List<String> answer = run(
                PUT_SCRIPT,
                customer,
                item.filmId().toString(),
                stored,
                item.unitPrice().currency(),
                Integer.toString(maxFilms));
        return switch (answer.getFirst()) {
            case "full" -> throw new CartConflict("A cart holds at most " + maxFilms + " different films.");
            case "other-currency" ->
                throw new CartConflict("This film is sold in "
                        + item.unitPrice().currency() + ", the cart is in " + answer.get(1) + ".");
            default -> cart(answer);
        };
    }

    Cart remove(String customer, UUID filmId) {
        return cart(run(REMOVE_SCRIPT, customer, filmId.toString()));
    }

    void delete(String customer) {
        try {
            redis.delete(key(customer));
        } catch (DataAccessException failure) {
            throw new CartUnavailable(failure);
        }
    }

    private List<String> run(RedisScript<List<String>> script, String customer, String... arguments) {
        List<String> all = new ArrayList<>();
        all.add(Long.toString(expiry.toMillis()));
        all.addAll(List.of(arguments));
        try {
            return redis.execute(script, List.of(key(customer)), all.toArray());
        } catch (DataAccessException failure) {
            throw new CartUnavailable(failure);
        }
    }

    private Cart cart(List<String> answer) {
        if (answer.isEmpty()) {
            return new Cart(List.of(), null);
        }
        List<Cart.Item> items = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += 2) {
            StoredItem stored = json.readValue(answer.get(i + 1), StoredItem.class);
            items.add(new Cart.Item(
                    UUID.fromString(answer.get(i)), stored.title(), stored.quantity(), stored.unitPrice()));
        }
        items.sort(BY_TITLE);
        return new Cart(items, Instant.ofEpochMilli(Long.parseLong(answer.getFirst())));
    }

    private static String key(String customer) {
        return "billing:cart:" + customer;
    }

    @SuppressWarnings("unchecked")
    private static RedisScript<List<String>> script(String text) {
        return new DefaultRedisScript<>(text, (Class<List<String>>) (Class<?>) List.class);
    }
}
