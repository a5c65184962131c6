package io.freshet.model.tensorflow.device;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a file that the system frees when the process ends, however it ends. Java's own would
 * be freed with the class loader of the job that took it, and can't be had on another user's file.
 */
final class ProcessLock implements AutoCloseable {

    private static final int READ_ONLY_CLOSED_IN_CHILDREN = 0x80000; // O_RDONLY | O_CLOEXEC
    private static final int EXCLUSIVE_WITHOUT_WAITING = 2 | 4; // LOCK_EX | LOCK_NB

    private final int descriptor;
    private boolean kept;

    private ProcessLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Takes the lock, or returns null if it is held: by another process, or by this one.
     *
     * @param file made if missing, and never deleted: a lock is on the file that a name had
     */
    static @Nullable ProcessLock tryLock(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // somebody has used the device before
        }
        int descriptor = call("open", file.toString(), READ_ONLY_CLOSED_IN_CHILDREN);
        if (descriptor < 0) {
            throw new IOException(file + " can't be opened: make it readable for this user");
        }
        ProcessLock lock = new ProcessLock(descriptor);
        if (call("flock", descriptor, EXCLUSIVE_WITHOUT_WAITING) != 0) {
            lock.close();
            return null;
        }
        return lock;
    }

    /** Holds the lock until the process ends. */
    void keep() {
        kept = true;
    }

    /** Frees the lock, unless it is to be kept. */
    @Override
    public void close() {
        if (!kept) {
            call("close", descriptor);
        }
    }

    private static int call(String name, Object... arguments) {
        Function function = NativeLibrary.getProcess().getFunction(name);
        return function.invokeInt(arguments);
    }
}
