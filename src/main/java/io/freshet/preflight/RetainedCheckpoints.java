package io.freshet.preflight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Checkpoints and savepoints that earlier jobs have left in the configured directories. */
final class RetainedCheckpoints {

    private static final String METADATA = "_metadata"; // written last, so it is complete
    private static final int DEPTH = 2; // <job>/chk-<n> and savepoint-<id>

    private RetainedCheckpoints() {}

    /** A sentence that names the newest, with how to start from it, or says that there is none. */
    static String newest(ReadableConfig cluster) {
        List<String> directories =
                Stream.of(
                                cluster.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY),
                                cluster.get(CheckpointingOptions.SAVEPOINT_DIRECTORY))
                        .filter(Objects::nonNull)
                        .toList();
        String places = String.join(" and ", directories);
        @Nullable FileStatus newest = null;
        try {
            for (String directory : directories) {
                newest = newest(new Path(directory), newest);
            }
        } catch (IOException e) {
            return "Whether one is in %s can't be seen from here (%s).".formatted(places, e);
        }
        return newest == null
                ? "None was found in %s.".formatted(places)
                : "The newest is %1$s: flink run -s %1$s, or standalone-job --fromSavepoint %1$s."
                        .formatted(newest.getPath().getParent());
    }

    /** The newest of metadata below a directory, whatever job they are of, and one other. */
    private static @Nullable FileStatus newest(Path directory, @Nullable FileStatus other)
            throws IOException {
        @Nullable FileStatus newest = other;
        for (FileStatus found : metadata(directory.getFileSystem(), directory, DEPTH)) {
            if (newest == null || found.getModificationTime() > newest.getModificationTime()) {
                newest = found;
            }
        }
        return newest;
    }

    private static List<FileStatus> metadata(FileSystem files, Path directory, int depth)
            throws IOException {
        List<FileStatus> found = new ArrayList<>();
        FileStatus[] children = files.exists(directory) ? files.listStatus(directory) : null;
        for (FileStatus child : children == null ? new FileStatus[0] : children) {
            Path metadata = new Path(child.getPath(), METADATA);
            if (child.isDir() && files.exists(metadata)) {
                found.add(files.getFileStatus(metadata));
            } else if (child.isDir() && depth > 1) {
                found.addAll(metadata(files, child.getPath(), depth - 1));
            }
        }
        return found;
    }
}
