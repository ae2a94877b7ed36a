# The same as compile.sh, for PowerShell.
$ErrorActionPreference = 'Stop'

Set-Location "$PSScriptRoot/../.."
foreach ($python in '.venv/Scripts/python.exe', 'python3.13') {
    if (Get-Command $python -ErrorAction SilentlyContinue) {
        & $python -m compileall -q --invalidation-mode checked-hash `
            function_app.py activities compute durable monitor orchestrators outbound rollout settings triggers
        exit $LASTEXITCODE
    }
}
Write-Warning "There is no Python 3.13 here: the app is deployed without byte-code, and starts more slowly."
