package io.freshet.store;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Marks on version numbers, 0 for no version, as files {@code <version>-<by>} of one directory,
 * which is no link.
 */
final class VersionMarks {

    private static final Pattern NAME = Pattern.compile("(0|[1-9][0-9]{0,17})-(.+)");

    private final FileSystem files;
    private final StoreBounds bounds;
    private final Path directory;

    VersionMarks(FileSystem files, StoreBounds bounds, Path directory) {
        this.files = files;
        this.bounds = bounds;
        this.directory = directory;
    }

    /**
     * Marks a version. Again is as good as once.
     *
     * @param by who marks it, as part of a file name
     * @param meaning of the mark, for people
     */
    void add(long version, String by, String meaning) throws IOException {
        bounds.requireDirectory(directory);
        bounds.create(new Path(directory, version + "-" + by), meaning + "\n");
    }

    /** Removes the marks of all versions up to a number. */
    void removeUpTo(long version) throws IOException {
        remove(mark -> Long.parseLong(mark.group(1)) <= version);
    }

    /** Removes all marks by somebody. */
    void removeBy(String by) throws IOException {
        remove(mark -> mark.group(2).equals(by));
    }

    /** Versions with a mark. */
    Set<Long> all() throws IOException {
        Set<Long> versions = new TreeSet<>();
        for (Matcher mark : marks()) {
            versions.add(Long.parseLong(mark.group(1)));
        }
        return versions;
    }

    private void remove(Predicate<Matcher> which) throws IOException {
        for (Matcher mark : marks()) {
            if (which.test(mark)) {
                bounds.delete(new Path(directory, mark.group()));
            }
        }
    }

    private List<Matcher> marks() throws IOException {
        bounds.requireDirectory(directory);
        return VersionReader.names(files, directory).stream()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .toList();
    }
}
