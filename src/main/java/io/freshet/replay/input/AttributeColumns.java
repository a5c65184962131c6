package io.freshet.replay.input;

import io.freshet.config.AttributesConfig.Type;
import io.freshet.event.Attribute;
import io.freshet.replay.input.csv.CsvTable;
import io.freshet.source.field.BadRecordException;
import io.freshet.source.field.FieldRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The columns of a file that declared attributes have, behind those that every file has. */
final class AttributeColumns {

    private AttributeColumns() {}

    /** All columns of a file. */
    static List<String> after(List<String> columns, SortedMap<String, Type> declared) {
        List<String> all = new ArrayList<>(columns);
        all.addAll(declared.keySet());
        return all;
    }

    /**
     * The attributes of a row.
     *
     * @param first place of the first attribute's column in the list of columns
     */
    static List<Attribute> read(
            CsvTable row, int first, SortedMap<String, Type> declared, FieldRules rules)
            throws BadRecordException {
        List<Attribute> attributes = new ArrayList<>(declared.size());
        int column = first;
        for (Map.Entry<String, Type> each : declared.entrySet()) {
            attributes.addAll(rules.attributes(each.getKey(), each.getValue(), row.get(column++)));
        }
        return attributes;
    }
}
