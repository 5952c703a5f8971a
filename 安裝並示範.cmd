@echo off
rem Double-click on Windows: sets up a private .venv here, then runs the sample year.
rem This file is ASCII, for cmd.exe loses its place in files with Chinese text; what is said in
rem Chinese comes from Python, or from the small files in tools\windows.
chcp 65001 >nul
setlocal
set PYTHONUTF8=1
rem pushd, not cd: it also enters a network folder
pushd "%~dp0" || goto failed

rem Those the packages are locked and tried for, newest first; then whatever is called python.
set "PYTHON="
for %%v in (3.13 3.12 3.11 3.14) do if not defined PYTHON (
    py -%%v -c "import venv" >nul 2>nul && set "PYTHON=py -%%v"
)
if not defined PYTHON (
    python -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=python"
)
if not defined PYTHON goto no_python

%PYTHON% tools\bootstrap.py || goto failed
.venv\Scripts\xltool.exe demo || goto failed
set RESULT=0
goto end

:no_python
echo.
type tools\windows\no-python.txt
set RESULT=1
goto end

:failed
echo.
type "%~dp0tools\windows\failed.txt"
set RESULT=1

:end
echo.
pause
popd
exit /b %RESULT%
