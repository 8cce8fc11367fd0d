package dev.gatehouse.devstack.stores;

import dev.gatehouse.devstack.process.CannotStart;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs of the build's dependencies, unpacked once per user. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** The folder that has {@code bin/postgres} and {@code bin/initdb}; unpacked on the first call (1 to 2 s, 60 MB). */
    static synchronized Path unpacked(Path cache) {
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                "Linux", ArchUtils.normalize(System.getProperty("os.arch")))) {
            if (archive == null) {
                throw new CannotStart("There are no PostgreSQL binaries for " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch") + " among the build's dependencies.");
            }
            byte[] packed = archive.readAllBytes();
            CRC32C checksum = new CRC32C();
            checksum.update(packed);
            Path target = cache.resolve("postgres-" + HexFormat.of().toHexDigits((int) checksum.getValue()));
            if (Files.notExists(target)) {
                Path fresh = Files.createTempDirectory(PrivateFiles.folder(cache), ".unpacking");
                unpack(packed, fresh);
                try {
                    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException unpackedMeanwhile) {
                    if (Files.notExists(target.resolve("bin/postgres"))) {
                        throw unpackedMeanwhile;
                    }
                    PrivateFiles.delete(fresh);
                }
            }
            return target;
        } catch (IOException e) {
            throw new CannotStart(
                    "The PostgreSQL binaries cannot be unpacked into " + cache + ": " + e.getMessage() + ".", e);
        }
    }

    private static void unpack(byte[] packed, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("an entry outside the archive's folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    if ((entry.getMode() & 0100) != 0) {
                        Set<PosixFilePermission> executable = PosixFilePermissions.fromString("rwxr-xr-x");
                        Files.setPosixFilePermissions(file, executable);
                    }
                }
            }
        }
    }
}
