package io.freshet.replay.input;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Profile;
import io.freshet.replay.input.csv.BrokenRows;
import io.freshet.replay.input.csv.CsvFormatException;
import io.freshet.replay.input.csv.CsvTable;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Users as CSV with the column {@code user_id} and one for each declared attribute, by the rules of
 * the users topic.
 */
public final class UsersFile {

    private static final List<String> COLUMNS = List.of("user_id");

    private final Path path;
    private final SortedMap<String, Type> attributes;
    private final FieldRules rules;

    /**
     * @param limits of lengths, with the attributes that are declared
     */
    public UsersFile(Path path, IngestConfig limits) {
        this.path = path;
        this.attributes = limits.attributes().users();
        this.rules = new FieldRules(limits);
    }

    /**
     * Every row, in file order, with event time 0.
     *
     * @throws CsvFormatException if rows are broken; the message names the first ones with their
     *     line
     */
    public List<Profile> read() throws IOException {
        BrokenRows broken = new BrokenRows(path);
        List<Profile> users = new ArrayList<>();
        try (CsvTable table = CsvTable.open(path, AttributeColumns.after(COLUMNS, attributes))) {
            broken.readAll(
                    () -> {
                        boolean more = table.next();
                        if (more) {
                            users.add(user(table));
                        }
                        return more;
                    });
        }
        broken.throwIfAny("");
        return users;
    }

    private Profile user(CsvTable row) throws CsvFormatException {
        try {
            return new Profile(
                    Profile.Subject.USER,
                    rules.id("user_id", row.get(0)),
                    AttributeColumns.read(row, COLUMNS.size(), attributes, rules),
                    0);
        } catch (BadRecordException e) {
            throw row.problem(row.line(), e.reason());
        }
    }
}
