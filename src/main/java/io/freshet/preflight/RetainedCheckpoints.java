package io.freshet.preflight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Checkpoints that earlier jobs have left in {@code execution.checkpointing.dir}. */
final class RetainedCheckpoints {

    private static final String CHECKPOINT = "chk-";
    private static final String METADATA = "_metadata";

    private RetainedCheckpoints() {}

    /** A sentence that names the newest, with how to start from it, or says that there is none. */
    static String newest(ReadableConfig cluster) {
        String directory = cluster.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        if (directory == null) {
            return "No checkpoint is known, because execution.checkpointing.dir is not set.";
        }
        try {
            FileStatus newest = newest(new Path(directory));
            return newest == null
                    ? "No checkpoint was found in %s.".formatted(directory)
                    : "The newest checkpoint is %1$s: flink run -s %1$s, or standalone-job --fromSavepoint %1$s."
                            .formatted(newest.getPath().getParent());
        } catch (IOException e) {
            return "Whether there is a checkpoint in %s can't be seen from here (%s)."
                    .formatted(directory, e);
        }
    }

    /** The metadata of the newest complete checkpoint, whatever job it is of. */
    private static @Nullable FileStatus newest(Path directory) throws IOException {
        FileSystem files = directory.getFileSystem();
        @Nullable FileStatus newest = null;
        for (FileStatus checkpoint : checkpoints(files, directory)) {
            Path metadata = new Path(checkpoint.getPath(), METADATA);
            if (files.exists(metadata)) {
                FileStatus found = files.getFileStatus(metadata);
                if (newest == null
                        || found.getModificationTime() > newest.getModificationTime()) {
                    newest = found;
                }
            }
        }
        return newest;
    }

    private static List<FileStatus> checkpoints(FileSystem files, Path directory)
            throws IOException {
        List<FileStatus> checkpoints = new ArrayList<>();
        for (FileStatus job : children(files, directory)) {
            if (job.isDir()) {
                for (FileStatus child : children(files, job.getPath())) {
                    if (child.getPath().getName().startsWith(CHECKPOINT)) {
                        checkpoints.add(child);
                    }
                }
            }
        }
        return checkpoints;
    }

    private static List<FileStatus> children(FileSystem files, Path directory) throws IOException {
        FileStatus[] found = files.exists(directory) ? files.listStatus(directory) : null;
        return found == null ? List.of() : List.of(found);
    }
}
