package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.CannotStart;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that holds only so many bytes and can be filled up: a memory disk (tmpfs), which only root can mount. */
public final class SmallDisk implements AutoCloseable {

    private static final String FILLER = ".filler";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Whether this process may mount a disk; if not, drills of a full disk are left out. */
    public static boolean possible() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                    && Files.readString(Path.of("/proc/filesystems")).contains("tmpfs");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * An empty disk on an existing folder; what was in the folder is hidden until it is closed.
     *
     * @throws CannotStart in one line, for example without the right to mount
     */
    public static SmallDisk mount(Path folder, int mebibytes) {
        unmount(folder);
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=700", "gatehouse", folder.toString()));
        return new SmallDisk(folder);
    }

    /** Ends a disk that a killed JVM left; does nothing if there is none. */
    public static void unmount(Path folder) {
        try {
            String place = " " + folder.toAbsolutePath().normalize() + " tmpfs ";
            if (Files.readString(Path.of("/proc/self/mounts")).contains(place)) {
                run(List.of("umount", folder.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes every byte that is left. */
    public void fill() {
        byte[] zeros = new byte[64 * 1024];
        for (int size = zeros.length; size > 0; size /= 16) {
            try (OutputStream out = Files.newOutputStream(
                    folder.resolve(FILLER),
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(zeros, 0, size);
                }
            } catch (IOException full) {
                // smaller pieces may still fit
            }
        }
    }

    /** Gives back what {@link #fill()} took. */
    public void free() {
        try {
            Files.deleteIfExists(folder.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that can still be written. */
    public long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the disk with all that is on it; nothing may use it any more. */
    @Override
    public void close() {
        unmount(folder);
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new CannotStart("A small disk cannot be had: " + said);
            }
        } catch (IOException e) {
            throw new CannotStart("A small disk cannot be had: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted", e);
        }
    }
}
