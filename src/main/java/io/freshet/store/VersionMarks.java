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

/** Marks on version numbers, as files {@code <version>-<by>} of one directory. */
final class VersionMarks {

    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,17})-.+");

    private final FileSystem files;
    private final Path directory;

    VersionMarks(FileSystem files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * Marks a version. Again is as good as once.
     *
     * @param by who marks it, as part of a file name
     * @param meaning of the mark, for people
     */
    void add(long version, String by, String meaning) throws IOException {
        Path mark = new Path(directory, version + "-" + by);
        try (OutputStream out = files.create(mark, FileSystem.WriteMode.OVERWRITE)) {
            out.write((meaning + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Removes the marks of all versions up to a number. */
    void removeUpTo(long version) throws IOException {
        for (String name : VersionReader.names(files, directory)) {
            Matcher mark = NAME.matcher(name);
            if (mark.matches() && Long.parseLong(mark.group(1)) <= version) {
                files.delete(new Path(directory, name), false);
            }
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
