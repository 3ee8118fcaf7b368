// SPDX-License-Identifier: MIT
// What a subclass for the Java loader looks like; docs/guides/writer.md ports it hook by hook. It is not compiled here.
package example.registry;

import com.amazon.ion.IonStruct;
import com.amazon.ion.IonValue;
import java.util.Iterator;
import software.amazon.qldb.QldbDriver;
import software.amazon.qldb.TransactionExecutor;
import software.amazon.qldb.load.LoadEvent;
import software.amazon.qldb.load.Operation;
import software.amazon.qldb.load.writer.BaseRevisionWriter;
import software.amazon.qldb.load.writer.ValidationResult;

// #region java
/** Finds vehicles by their VIN, wants a plate, keeps what is under a legal hold, and drops what a cache left behind. */
public class RegistryRevisionWriter extends BaseRevisionWriter {

    protected RegistryRevisionWriter(QldbDriver driver, boolean strictMode) {
        super(driver, strictMode);
    }

    @Override
    protected ValidationResult preValidate(LoadEvent event) {
        IonStruct revision = event.getRevision();
        if (revision != null && isVehicle(event) && !revision.containsKey("plate"))
            return ValidationResult.fail("A vehicle without a plate");
        return super.preValidate(event);
    }

    @Override
    protected IonStruct readCurrentRevision(TransactionExecutor txn, LoadEvent event) {
        if (!isVehicle(event))
            return super.readCurrentRevision(txn, event);
        Iterator<IonValue> rows =
            txn.execute("SELECT * FROM _ql_committed_Vehicle WHERE data.VIN = ?", event.getId()).iterator();
        return rows.hasNext() ? (IonStruct) rows.next() : null;
    }

    @Override
    protected ValidationResult validate(TransactionExecutor txn, LoadEvent event, IonStruct current) {
        if (event.getOperation() == Operation.DELETE && isHeld(current))
            return ValidationResult.fail("Under a legal hold");
        return super.validate(txn, event, current);
    }

    @Override
    protected void adjustRevision(TransactionExecutor txn, LoadEvent event, IonStruct current) {
        if (event.getRevision() != null)
            event.getRevision().remove("cachedAt");
        if (!isVehicle(event))
            super.adjustRevision(txn, event, current);
    }

    private static boolean isVehicle(LoadEvent event) {
        return event.getTableName().equals("Vehicle");
    }

    private static boolean isHeld(IonStruct current) {
        return current != null && ((IonStruct) current.get("data")).containsKey("legalHold");
    }

    // … and a builder of some thirty lines, which configureFromEnvironment() and qldbDriver() fill in.
}
// #endregion
