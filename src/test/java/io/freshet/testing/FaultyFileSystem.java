package io.freshet.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalDataOutputStream;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * A file system on "other machines" that fails when a test says so, by the scheme {@code faulty}.
 * Its files are this machine's, so that a test can look at them.
 */
public final class FaultyFileSystem extends LocalFileSystem {

    private static final String SCHEME = "faulty";
    private static final Map<String, Set<Call>> FAULTS = new ConcurrentHashMap<>();

    /** What can fail. */
    public enum Call {
        LOOK,
        READ,
        WRITE,
        DELETE
    }

    /** The directory as this file system's. */
    public static String uri(Path directory) {
        return SCHEME + "://" + directory.toAbsolutePath();
    }

    /** From now on the directory's disk is full. */
    public static void fill(Path directory) {
        fail(directory, EnumSet.of(Call.WRITE));
    }

    /** From now on nobody answers for the directory. */
    public static void cutOff(Path directory) {
        fail(directory, EnumSet.allOf(Call.class));
    }

    /** From now on these calls fail. */
    public static void fail(Path directory, Set<Call> calls) {
        FAULTS.put(directory.toAbsolutePath().toString(), calls);
    }

    /** From now on everything works. */
    public static void heal(Path directory) {
        FAULTS.remove(directory.toAbsolutePath().toString());
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    @Override
    public boolean exists(org.apache.flink.core.fs.Path file) throws IOException {
        check(file, Call.LOOK);
        return super.exists(file);
    }

    @Override
    public FileStatus getFileStatus(org.apache.flink.core.fs.Path file) throws IOException {
        check(file, Call.LOOK);
        return super.getFileStatus(file);
    }

    @Override
    public FileStatus[] listStatus(org.apache.flink.core.fs.Path file) throws IOException {
        check(file, Call.LOOK);
        return super.listStatus(file);
    }

    @Override
    public FSDataInputStream open(org.apache.flink.core.fs.Path file) throws IOException {
        check(file, Call.READ);
        return super.open(file);
    }

    /** Files can be made on a full disk, and not be written. */
    @Override
    public FSDataOutputStream create(
            org.apache.flink.core.fs.Path file, FileSystem.WriteMode overwrite) throws IOException {
        if (fails(file, Call.LOOK)) {
            check(file, Call.WRITE);
        }
        java.io.File parent = new java.io.File(file.getPath()).getParentFile();
        if (parent != null) {
            super.mkdirs(new org.apache.flink.core.fs.Path(parent.toURI()));
        }
        return new LocalDataOutputStream(new java.io.File(file.getPath())) {
            @Override
            public void write(byte[] bytes) throws IOException {
                write(bytes, 0, bytes.length);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (fails(file, Call.WRITE)) {
                    super.write(bytes, offset, length / 2);
                    throw new IOException("No space left on device");
                }
                super.write(bytes, offset, length);
            }
        };
    }

    @Override
    public boolean rename(org.apache.flink.core.fs.Path from, org.apache.flink.core.fs.Path to) {
        throw new AssertionError(
                "Object stores rename nothing at once: found %s to %s".formatted(from, to));
    }

    @Override
    public boolean delete(org.apache.flink.core.fs.Path file, boolean recursive)
            throws IOException {
        check(file, Call.DELETE);
        return super.delete(file, recursive);
    }

    private static void check(org.apache.flink.core.fs.Path file, Call call) throws IOException {
        if (fails(file, call)) {
            throw new ConnectException("Connection refused: " + file);
        }
    }

    private static boolean fails(org.apache.flink.core.fs.Path file, Call call) {
        return FAULTS.entrySet().stream()
                .anyMatch(
                        fault ->
                                file.getPath().startsWith(fault.getKey())
                                        && fault.getValue().contains(call));
    }

    /** How Flink finds it. */
    public static final class Factory implements FileSystemFactory {

        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileSystem create(URI uri) {
            return new FaultyFileSystem();
        }
    }
}
