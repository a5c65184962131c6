package io.freshet.demo;

import io.freshet.runtime.TemporaryFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/** A directory that goes with all that is in it. */
record TemporaryDirectory(Path path) implements AutoCloseable {

    /** Makes one named for what it holds and for this process, should that be killed before it. */
    static TemporaryDirectory create(String what) throws IOException {
        return new TemporaryDirectory(TemporaryFiles.directory(prefix(what)));
    }

    /** What the names of this process's directories begin with. */
    static String prefix(String what) {
        return "freshet-" + what + "-" + ProcessHandle.current().pid() + "-";
    }

    @Override
    public void close() throws IOException {
        FileUtils.deleteDirectory(path.toFile());
    }
}
