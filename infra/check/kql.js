// Holds every query of infra/queries against the tables of Application Insights, with Microsoft's own
// analyser of the language. Prints what is wrong with each; the exit code is 1 then.
'use strict';

const { readFileSync } = require('node:fs');

require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');

const { GlobalState, KustoCode, Symbols } = Kusto.Language;

// The columns that Microsoft documents for these tables of a component, as far as a query may want them.
const COMMON = 'timestamp: datetime, itemType: string, itemCount: int, customDimensions: dynamic, operation_Name: string, ' +
  'operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string';
const TABLES = {
  traces: 'message: string, severityLevel: int',
  exceptions: 'type: string, method: string, outerType: string, outerMessage: string, innermostMessage: string, severityLevel: int',
  requests: 'id: string, name: string, url: string, success: bool, resultCode: string, duration: real',
};

const tables = Object.entries(TABLES).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${COMMON}, ${columns})`, null));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('component', tables));

function flaws(file) {
  const text = readFileSync(file, 'utf8');
  const found = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, at) => found.getItem(at)).map((flaw) => {
    const line = text.slice(0, flaw.Start).split('\n').length;
    return `${file}:${line}: ${flaw.Severity} ${flaw.Code}: ${flaw.Message}`;
  });
}

const all = process.argv.slice(2).flatMap(flaws);
all.forEach((flaw) => console.log(flaw));
process.exitCode = all.length ? 1 : 0;
