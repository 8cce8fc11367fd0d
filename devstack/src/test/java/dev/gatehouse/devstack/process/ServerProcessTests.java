package dev.gatehouse.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTests {

    @TempDir
    Path folder;

    @Test
    void startsAProgramThatIsStillOpenForWritingWhenItIsNoLonger() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), folder.resolve("program"));
        FileChannel writing = FileChannel.open(program, StandardOpenOption.WRITE);
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> close(writing));

        Process ended = start(program).ended().get(10, TimeUnit.SECONDS);

        assertThat(ended.exitValue()).isZero();
    }

    @Test
    void saysInOneLineThatThereIsNoSuchProgram() {
        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> start(folder.resolve("missing")))
                .withMessageStartingWith("Redis does not start: ");
    }

    private ServerProcess start(Path program) {
        return ServerProcess.start("Redis", List.of(program.toString()), Map.of(), folder, folder.resolve("redis.log"));
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
