package dev.gatehouse.devstack.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The issuer's keys on disk: the first one signs, the earlier ones stay published so that their tokens stay valid. */
final class SigningKeys {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
    private static final int KEPT = 3;

    /** What Cognito signs with too, and far cheaper to check than ES256. */
    private static final JWSAlgorithm ALGORITHM = JWSAlgorithm.RS256;

    private final Path file;
    private volatile List<JWK> keys;

    private SigningKeys(Path file, List<JWK> keys) {
        this.file = file;
        this.keys = keys;
    }

    /**
     * Reads the keys of a directory, or makes the first.
     *
     * @throws IllegalStateException if the file holds no keys
     */
    static SigningKeys open(Path directory) {
        Path file = directory.resolve("signing-keys.json");
        try {
            if (Files.exists(file)) {
                List<JWK> keys = JWKSet.parse(Files.readString(file)).getKeys();
                if (!keys.isEmpty() && keys.stream().allMatch(JWK::isPrivate)) {
                    SigningKeys opened = new SigningKeys(file, List.copyOf(keys));
                    if (!ALGORITHM.equals(keys.getFirst().getAlgorithm())) {
                        opened.rotate();
                    }
                    return opened;
                }
                throw damaged(file, null);
            }
            Files.createDirectories(directory);
            SigningKeys made = new SigningKeys(file, List.of());
            made.rotate();
            return made;
        } catch (ParseException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalStateException damaged(Path file, @Nullable Exception cause) {
        return new IllegalStateException(
                "The issuer's keys " + file + " are damaged: restore the file, or remove it and lose every token.",
                cause);
    }

    /** A new key signs from now on. */
    synchronized void rotate() {
        try {
            RSAKey fresh = new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(ALGORITHM)
                    .keyIDFromThumbprint(true)
                    .issueTime(Date.from(Instant.now()))
                    .generate();
            List<JWK> all = new ArrayList<>(keys);
            all.addFirst(fresh);
            List<JWK> kept = List.copyOf(all.subList(0, Math.min(KEPT, all.size())));
            store(kept);
            keys = kept;
            log.info("tokens are signed with key {} from now on", fresh.getKeyID());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    JWKSet signing() {
        return new JWKSet(keys.getFirst());
    }

    JWKSet published() {
        return new JWKSet(keys).toPublicJWKSet();
    }

    private void store(List<JWK> all) {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), "signing-keys", ".tmp", onlyOwner);
            Files.writeString(next, new JWKSet(all).toString(false));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
