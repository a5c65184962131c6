package io.freshet.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Marks of versions that somebody outside needs, as files {@code <version>-<by>} of one directory.
 * Nobody but their owner can tell when they are not needed any more, so only people delete them.
 */
final class KeptVersions {

    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,17})-.+");

    private final FileSystem files;
    private final Path directory;

    KeptVersions(FileSystem files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * Marks a version. Again is as good as once.
     *
     * @param by who needs it, as part of a file name
     */
    void keep(long version, String by) throws IOException {
        Path mark = new Path(directory, version + "-" + by);
        String text =
                "Version "
                        + version
                        + " is kept for "
                        + by
                        + ". Delete this file when that is gone for good.\n";
        try (OutputStream out = files.create(mark, FileSystem.WriteMode.OVERWRITE)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Versions with a mark. */
    Set<Long> all() throws IOException {
        Set<Long> versions = new TreeSet<>();
        for (String name : VersionReader.names(files, directory)) {
            Matcher mark = NAME.matcher(name);
            if (mark.matches()) {
                versions.add(Long.parseLong(mark.group(1)));
            }
        }
        return versions;
    }
}
