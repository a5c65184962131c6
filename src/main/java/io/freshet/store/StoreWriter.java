package io.freshet.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Who writes to a store: the one that was named last in its file {@code writer}.
 *
 * <p>Flink may start a task again before the old one has ended: after a job manager's death without
 * high availability, or when a task manager is cut off, the old one lives until its heartbeats time
 * out. Each would delete the versions that the other has just written, as its own of an earlier
 * life that were never announced. So a writer puts its name into the store before it first changes
 * anything, and checks before every later change that the name is still its own.
 *
 * <p>File systems have nothing that does both at once: between the look and the change another may
 * come. That leaves milliseconds of what were the minutes of a heartbeat's timeout.
 *
 * <p>Thread-safe, to be shared by all that write for one task.
 */
public final class StoreWriter {

    private static final String FILE = "writer";

    private static final String IN_GROUP = ", while a member of group ";

    private static final int MAX_NAME_BYTES = 1024;

    private final String name;
    private boolean named;

    /**
     * @param who for people; what tells this writer from every other is added
     */
    public StoreWriter(String who) {
        this.name = who + ", " + UUID.randomUUID();
    }

    /**
     * A job as the writer.
     *
     * @param group consumer group whose member lives as long as the job
     */
    public static StoreWriter ofJob(String job, String group) {
        return new StoreWriter("job " + job + (group.isEmpty() ? "" : IN_GROUP + group));
    }

    /** The consumer group of {@link #ofJob} in a writer's name, empty if it has none. */
    static String group(String name) {
        int begin = name.indexOf(IN_GROUP);
        int end = name.lastIndexOf(", ");
        return begin < 0 || end < begin ? "" : name.substring(begin + IN_GROUP.length(), end);
    }

    /**
     * Becomes the writer, or makes sure to be it still.
     *
     * @throws IllegalStateException if another is named
     */
    synchronized void require(FileSystem files, StoreBounds bounds, Path root) throws IOException {
        Path file = new Path(root, FILE);
        String found = named ? read(files, bounds, file) : "";
        if (found.isEmpty()) {
            bounds.replace(file, name);
            named = true;
        } else if (!found.equals(name)) {
            throw new IllegalStateException(
                    """
                    %s names another writer: found '%s', expected '%s', which stops here and \
                    changes nothing any more. If that is this job, started again, all is well; if \
                    not, two jobs write to one store: stop one, or give it a store.path of its own"""
                            .formatted(file, found, name));
        }
    }

    /** The name that a store's writer has given itself, empty if it has none. */
    static String name(FileSystem files, StoreBounds bounds, Path root) throws IOException {
        return read(files, bounds, new Path(root, FILE));
    }

    /** The name in the file, empty if there is no file. */
    private static String read(FileSystem files, StoreBounds bounds, Path file) throws IOException {
        if (!files.exists(file)) {
            return "";
        }
        bounds.requireInside(file);
        try (FSDataInputStream in = files.open(file)) {
            return new String(in.readNBytes(MAX_NAME_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
