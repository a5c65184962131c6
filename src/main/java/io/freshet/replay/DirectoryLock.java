package io.freshet.replay;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a directory for one run at a time; it is released with the process that made it. */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = ".freshet-lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory if there is none, and locks it.
     *
     * @throws FileSystemException if another run has it
     */
    public static DirectoryLock of(Path directory) throws IOException {
        Path file = Files.createDirectories(directory).resolve(FILE);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "found another run that writes to it, expected none, because this one would"
                            + " replace what that has made; wait for its end, or choose another"
                            + " --output");
        }
        return new DirectoryLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // by another run in this process
            return null;
        }
    }
}
